package org.strait.engine.data;

import java.io.IOException;

/// A text cut into blocks of whole lines. Where it is cut depends on the text alone. Several
/// threads may take blocks; each block is given out once, in ascending order.
interface TextBlocks extends AutoCloseable {
  /// The next block, or null at the end.
  ///
  /// @param used a block that the caller is done with, or null
  /// @throws IOException if the text cannot be read; after the last block before that place
  /// @throws BadText if a line is too long
  TextBlock next(TextBlock used) throws IOException;

  @Override
  void close();

  /// The complaint about a line that goes on and on.
  static BadText endlessLine(TextBlock block, int start) {
    long lines = 0;
    for (int i = 0; i < start; i++) {
      lines += block.bytes[i] == '\n' ? 1 : 0;
    }
    return new BadText(
        lines,
        TextBlock.LONGEST_LINE,
        "a line of more than " + TextBlock.LONGEST_LINE + " bytes",
        "a row is one line of text");
  }
}
