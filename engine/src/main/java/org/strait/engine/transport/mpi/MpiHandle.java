package org.strait.engine.transport.mpi;

import java.lang.foreign.SymbolLookup;

/// The predefined handles in use, per kind of library. Open MPI: addresses of exported objects;
/// MPICH and the standard ABI: numbers.
enum MpiHandle {
  COMM_WORLD("ompi_mpi_comm_world", 0x44000000, 0x101),
  BYTE("ompi_mpi_byte", 0x4c00010d, 0x247),
  INT32("ompi_mpi_int", 0x4c000405, 0x209),
  FLOAT32("ompi_mpi_float", 0x4c00040a, 0x210),
  FLOAT64("ompi_mpi_double", 0x4c00080b, 0x214),
  SUM("ompi_mpi_op_sum", 0x58000003, 0x21),
  MAX("ompi_mpi_op_max", 0x58000001, 0x23),
  ERRORS_RETURN("ompi_mpi_errors_return", 0x54000001, 0x142);

  private final String openMpi;
  private final int mpich;
  private final int standard;

  MpiHandle(String openMpi, int mpich, int standard) {
    this.openMpi = openMpi;
    this.mpich = mpich;
    this.standard = standard;
  }

  long value(MpiKind kind, SymbolLookup library) {
    return switch (kind) {
      case OPEN_MPI -> library.findOrThrow(openMpi).address();
      case MPICH -> mpich;
      case STANDARD -> standard;
    };
  }
}
