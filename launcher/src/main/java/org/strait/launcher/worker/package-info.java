/// The process of one rank: finds the others through the launcher's store, loads its rows, trains,
/// and tells the launcher what happens by one JSON object a line on standard output. Start with
/// {@link org.strait.launcher.worker.Worker}.
package org.strait.launcher.worker;
