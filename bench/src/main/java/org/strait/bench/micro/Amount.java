package org.strait.bench.micro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// How much one call of a benchmark does, so that {@link Summary} can tell rates from times.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Amount {
  /// Bytes read and written for each of the n elements.
  double bytes() default 0;

  /// Floating-point operations for each of the n elements, where they are countable.
  double flops() default 0;

  /// Floating-point operations for each of the side³ products of square matrices.
  double cubeFlops() default 0;
}
