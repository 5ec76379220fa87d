package org.strait.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.strait.memory.Floats;

/// Where each named parameter lies in one run of weights. Immutable.
public final class ParameterLayout {
  /// One parameter.
  ///
  /// @param name unique in the layout
  /// @param offset index of its first element
  /// @param shape sizes, row-major
  /// @param length number of elements: the product of the shape
  public record Parameter(String name, long offset, List<Long> shape, long length) {}

  /// The layout of nothing.
  public static final ParameterLayout EMPTY = new ParameterLayout(List.of(), 0);

  private final List<Parameter> parameters;
  private final long length;

  private ParameterLayout(List<Parameter> parameters, long length) {
    this.parameters = parameters;
    this.length = length;
  }

  /// This layout followed by one more parameter.
  ///
  /// @throws IllegalArgumentException if the name is taken or a size is negative
  public ParameterLayout and(String name, long... shape) {
    long count = 1;
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("parameter " + name + " has a size of " + size);
      }
      count = Math.multiplyExact(count, size);
      sizes.add(size);
    }
    if (parameters.stream().anyMatch(parameter -> parameter.name.equals(name))) {
      throw new IllegalArgumentException("parameter " + name + " is named twice");
    }
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(new Parameter(name, length, List.copyOf(sizes), count));
    return new ParameterLayout(List.copyOf(more), Math.addExact(length, count));
  }

  /// The parameters in order of offset.
  public List<Parameter> parameters() {
    return parameters;
  }

  /// Number of elements of all parameters.
  public long length() {
    return length;
  }

  /// A view of one parameter within a run of all.
  public Floats view(String name, Floats all) {
    if (all.length() != length) {
      throw new IllegalArgumentException(
          "a run of " + all.length() + " floats, the model has " + length);
    }
    for (Parameter parameter : parameters) {
      if (parameter.name.equals(name)) {
        return all.slice(parameter.offset, parameter.length);
      }
    }
    throw new IllegalArgumentException(
        "no parameter "
            + name
            + "; known: "
            + String.join(", ", parameters.stream().map(Parameter::name).toList()));
  }

  /// For instance {@code weights[123]}.
  @Override
  public String toString() {
    return String.join(
        " ", parameters.stream().map(parameter -> parameter.name + parameter.shape).toList());
  }
}
