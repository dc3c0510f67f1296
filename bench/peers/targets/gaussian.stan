data { int D; vector<lower=0>[D] sd; }
parameters { vector[D] x; }
model { target += normal_lpdf(x | 0, sd); }
