/// The process of one rank. Start with {@link org.strait.launcher.worker.Worker}.
package org.strait.launcher.worker;
