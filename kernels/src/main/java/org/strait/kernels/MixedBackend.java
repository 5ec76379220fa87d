package org.strait.kernels;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Collectors;

/// Each family from a backend of its own.
final class MixedBackend implements Backend {
  private final Map<Family, Backend> parts;
  private final String name;

  /// @param parts a backend for every family; closed with this one
  MixedBackend(Map<Family, Backend> parts) {
    this.parts = new EnumMap<>(parts);
    name =
        this.parts.entrySet().stream()
            .map(part -> part.getKey().key() + "=" + part.getValue().name())
            .collect(Collectors.joining(","));
  }

  /// The families' backends, or the one backend that all of them are by name.
  static Backend of(Map<Family, Backend> parts) {
    boolean one = parts.values().stream().map(Backend::name).distinct().count() == 1;
    return one ? parts.get(Family.DENSE) : new MixedBackend(parts);
  }

  /// Can be given to {@code --backend} again.
  @Override
  public String name() {
    return name;
  }

  @Override
  public DenseOps dense() {
    return parts.get(Family.DENSE).dense();
  }

  @Override
  public SparseOps sparse() {
    return parts.get(Family.SPARSE).sparse();
  }

  @Override
  public LossOps loss() {
    return parts.get(Family.LOSS).loss();
  }

  @Override
  public UpdateOps update() {
    return parts.get(Family.UPDATE).update();
  }

  @Override
  public CodecOps codec() {
    return parts.get(Family.CODEC).codec();
  }

  /// Of the backend of dense operations: nets are made of both.
  @Override
  public NetOps net() {
    return parts.get(Family.DENSE).net();
  }

  @Override
  public void close() {
    new HashSet<>(parts.values()).forEach(Backend::close);
  }
}
