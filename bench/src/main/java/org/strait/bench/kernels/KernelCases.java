package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Limit;
import org.strait.bench.run.SizeClass;

/// All cases of {@code strait bench kernels}.
public final class KernelCases {
  private static final List<SizeClass> VECTORS =
      List.of(SizeClass.L1, SizeClass.L2, SizeClass.L3, SizeClass.TEN_MILLION);

  private KernelCases() {}

  /// How to measure each limit.
  ///
  /// @param quick whether small operands will do
  public static Map<Limit, BenchCase> limits(boolean quick) {
    Map<Limit, BenchCase> limits = new LinkedHashMap<>();
    limits.put(Limit.multiplyAdd(), new MultiplyAddLimit());
    for (SizeClass size : SizeClass.values()) {
      for (Limit.Kind kind : Limit.Kind.values()) {
        if (kind != Limit.Kind.MULTIPLY_ADD) {
          Limit limit = new Limit(kind, size);
          limits.put(limit, new StreamLimit(limit, quick));
        }
      }
    }
    return limits;
  }

  /// The cases, limits first.
  ///
  /// @param quick whether small operands will do
  public static List<BenchCase> all(boolean quick) {
    List<BenchCase> cases = new ArrayList<>(limits(quick).values());
    cases.add(new DenseGradientCase(quick));
    cases.add(new DenseCurvatureCase(quick));
    cases.add(new SparseGradientCase(quick));
    cases.add(new SparseCurvatureCase(quick));
    cases.add(new GemmCase(4, 4, 4));
    cases.add(new GemmCase(16, 16, 16));
    if (quick) {
      cases.add(new GemmCase(65, 63, 64));
    } else {
      for (int side = 256; side <= 4096; side *= 2) {
        cases.add(new GemmCase(side, side, side));
      }
      // A dense layer and the two convolutions of a small network, as products.
      cases.add(new GemmCase(64, 256, 784));
      cases.add(new GemmCase(64, 196, 800));
      cases.add(new GemmCase(64, 12544, 800));
    }
    cases.add(new MaxAbsCase(quick));
    cases.add(new SelectCase(false, quick));
    cases.add(new SelectCase(true, quick));
    for (int bits : new int[] {8, 4}) {
      cases.add(new QuantiseCase(bits, quick));
      cases.add(new DecodeAddCase(bits, quick));
    }
    cases.add(new LossCase(SizeClass.L3, quick));
    cases.add(new LossCase(SizeClass.TEN_MILLION, quick));
    for (SizeClass size : VECTORS) {
      cases.add(new VectorCase(true, size, quick));
      cases.add(new VectorCase(false, size, quick));
    }
    return cases;
  }
}
