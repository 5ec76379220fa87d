/// How finely rounds travel and how many steps lie between them, decided as a run goes, from
/// figures that all data centres have alike. Imports none of ours. Start with {@link
/// org.strait.engine.adapt.Controller}.
package org.strait.engine.adapt;
