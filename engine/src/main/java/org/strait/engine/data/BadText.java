package org.strait.engine.data;

/// Something is wrong with a text, at a place within a block; {@link RowText} knows the lines
/// before the block and makes a {@link DataException} of it.
final class BadText extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long line;
  private final long column;
  private final String what;
  private final String remedy;

  /// @param line line ends before the place, within the block
  /// @param column bytes before the place, within the line
  BadText(long line, long column, String what, String remedy) {
    super(what, null, false, false);
    this.line = line;
    this.column = column;
    this.what = what;
    this.remedy = remedy;
  }

  /// The same with the place in the whole text.
  DataException at(String source, long linesBefore) {
    return new DataException(
        source + ":" + (linesBefore + line + 1) + ":" + (column + 1), what, remedy);
  }
}
