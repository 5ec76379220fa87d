package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.file.Path;
import org.strait.engine.model.ModelFile;

/// Writes a model in the form of another program.
public interface ModelExport {
  /// Name as given to {@code --format}.
  String name();

  /// Usual name of the file.
  String fileName();

  /// Writes a file, whole or not at all; an existing one is replaced.
  ///
  /// @throws org.strait.engine.data.DataException if the form cannot say what the model is
  /// @throws IOException if the disk refuses
  void write(ModelFile model, Path file) throws IOException;
}
