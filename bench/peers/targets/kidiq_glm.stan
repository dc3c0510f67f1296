data { int N; matrix[N, 4] x; vector[N] y; }
parameters { vector[4] beta; real<lower=0> sigma; }
model {
  target += cauchy_lpdf(sigma | 0, 2.5);
  target += normal_id_glm_lpdf(y | x, 0, beta, sigma);
}
