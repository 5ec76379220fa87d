/// The training loop and the library's front door. {@link org.strait.engine.Trainer} is one page
/// that tells the whole story; {@link org.strait.engine.Session} is what a foreign trainer links:
/// it averages vectors over all data centres. Start reading at {@link
/// org.strait.engine.Trainer#step}.
package org.strait.engine;
