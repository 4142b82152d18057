/* Solves Poisson's equation on a square by successive over-relaxation (Young 1954), and says how many sweeps it took.
   Nobody has told this program of Cairn: `--result-regex` reads what it prints.  cc -O2 -o sor sor.c -lm && ./sor 64 1.7 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
  int size = count > 1 ? atoi(words[1]) : 64;
  double omega = count > 2 ? atof(words[2]) : 1.0;
  double *u = calloc((size_t)(size + 2) * (size + 2), sizeof *u), change = 1;
  int sweeps = 0, row = size + 2;
  while (change > 1e-9 && sweeps < 20000) {
    change = 0;
    for (int i = 1; i <= size; i++)
      for (int j = 1; j <= size; j++) {
        double *at = u + i * row + j, h = 1.0 / (size + 1);
        double step = omega * ((at[-1] + at[1] + at[-row] + at[row] + h * h) / 4 - *at);
        *at += step;
        change = fmax(change, fabs(step));
      }
    sweeps++;
  }
  printf("n = %d, omega = %.3f\nconverged after %d sweeps (last change %.1e)\n", size, omega, sweeps, change);
  free(u);
  return 0;
}
