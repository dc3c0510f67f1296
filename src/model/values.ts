/** Where observations may lie, in words and as a test. */
export interface Values {
  readonly text: string;
  contains(value: number): boolean;
}

export const notNegative: Values = {
  text: "finite and not negative",
  contains: (value) => value >= 0 && value < Number.POSITIVE_INFINITY,
};

export const zeroOrOne: Values = { text: "0 or 1", contains: (value) => value === 0 || value === 1 };

export const counts: Values = {
  text: "whole numbers from 0",
  contains: (value) => Number.isInteger(value) && value >= 0,
};
