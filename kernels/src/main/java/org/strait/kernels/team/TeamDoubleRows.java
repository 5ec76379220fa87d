package org.strait.kernels.team;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.RowBlock;
import org.strait.kernels.RowGram;
import org.strait.kernels.RowLoss;
import org.strait.kernels.RowMap;
import org.strait.kernels.SparseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Plain loops for float32 as they are, and a team of threads for passes in float64: solvers that
/// work in float64 need no vectors to be fast, only blocks of rows and threads.
final class TeamDoubleRows implements SparseOps {
  private final SparseOps plain;
  private final Team team;
  private final TeamWideRows wideRows;

  TeamDoubleRows(SparseOps plain, Team team) {
    this.plain = plain;
    this.team = team;
    RowBlock[] blocks = new RowBlock[team.threads()];
    Arrays.setAll(blocks, worker -> new RowBlock());
    wideRows = new TeamWideRows(team, blocks);
  }

  @Override
  public void margins(Csr rows, Floats weights, Floats margins) {
    plain.margins(rows, weights, margins);
  }

  @Override
  public void addScaledRows(Csr rows, Floats coefficients, Floats gradient) {
    plain.addScaledRows(rows, coefficients, gradient);
  }

  @Override
  public void addScaledSquares(Csr rows, Floats coefficients, Floats squares) {
    plain.addScaledSquares(rows, coefficients, squares);
  }

  @Override
  public double lossAndGradient(
      Csr rows, Floats labels, RowLoss loss, Floats weights, Floats derivatives, Floats gradient) {
    return plain.lossAndGradient(rows, labels, loss, weights, derivatives, gradient);
  }

  @Override
  public void addCurvatureProduct(
      Csr rows, Floats curvatures, Floats vector, Floats products, Floats result) {
    plain.addCurvatureProduct(rows, curvatures, vector, products, result);
  }

  @Override
  public double addMapped(Csr rows, Doubles weights, RowMap map, Doubles perRow, Doubles result) {
    Lengths.check("weights", weights.length(), rows.cols());
    Lengths.check("perRow", perRow.length(), rows.rows());
    if (result.length() != 0) {
      Lengths.check("result", result.length(), rows.cols());
    }
    return wideRows.run(rows, weights, Objects.requireNonNull(map), perRow, result);
  }

  @Override
  public Optional<RowGram> gram(Csr rows) {
    return RowGram.of(rows, team);
  }

  @Override
  public void addScaledSquares(Csr rows, Doubles coefficients, Doubles squares) {
    Lengths.check("coefficients", coefficients.length(), rows.rows());
    Lengths.check("squares", squares.length(), rows.cols());
    wideRows.run(rows, null, null, coefficients, squares);
  }
}
