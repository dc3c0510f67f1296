import fc from "fast-check";

// Every run of the tests draws the same examples: a failure is a change of the code, not of luck. FAST_CHECK_SEED tries others.
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_241_104) });
