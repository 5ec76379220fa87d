package org.strait.kernels;

/// How a backend of another module joins (ServiceLoader).
public interface BackendProvider {
  /// The backend's name, without loading anything.
  String name();

  /// Makes the backend on top of the best backend of this module, whose families it may keep.
  ///
  /// @throws BackendUnavailableException with one sentence that says what is missing and what to do
  Backend create(Backend best) throws BackendUnavailableException;
}
