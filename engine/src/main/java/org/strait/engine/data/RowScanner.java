package org.strait.engine.data;

/// Makes rows of text. One per thread.
interface RowScanner {
  /// Adds the rows of a block and counts its line ends.
  ///
  /// @throws BadText if a line is not what it should be
  void scan(TextBlock block, RowPieces rows);

  /// What a row looks like, for complaints.
  String form();
}
