/// What a run leaves behind: events of its ranks gathered into `run.json`, whole or partial, and
/// the folder it lies in. May import {@code org.strait.launcher.config}. Start with {@link
/// org.strait.launcher.record.RunRecord}.
package org.strait.launcher.record;
