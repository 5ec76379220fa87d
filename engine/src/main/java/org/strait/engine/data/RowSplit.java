package org.strait.engine.data;

import java.util.List;

/// How the rows of one file are dealt out to data centres, for demos, tests and experiments; in
/// real use every data centre has its own file.
public interface RowSplit {
  /// Name as given to {@code --split} and written in the run record.
  String name();

  /// The data centre of each row, an index into {@code dcs}.
  ///
  /// @param data rows with the labels they have after {@link Labels#apply}
  /// @param dcs names of the data centres in order
  /// @throws DataException if the rows cannot be dealt out to these data centres
  int[] dcOfRow(Dataset data, List<String> dcs);
}
