/** The step size is searched with the random numbers of this iteration, which no transition of a run has. */
export const SEARCH_ITERATION: number = 2 ** 32 - 2;

/** Iterations of warm-up after which it tells how it stands, again and again. */
export const TRACE_EVERY = 10;
