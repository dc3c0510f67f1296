data { int N; matrix[N, 4] x; vector[N] y; }
parameters { vector[4] beta; real<lower=0> sigma; }
model {
  target += cauchy_lpdf(sigma | 0, 2.5);
  target += normal_lpdf(y | x * beta, sigma);
}
