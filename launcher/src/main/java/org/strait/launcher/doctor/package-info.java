/// `strait doctor`: what of this machine matters to a training, and what to do about it. {@link
/// org.strait.launcher.doctor.Checks} is the list; each check is a class of its own that reads
/// files and variables and starts nothing, so that all of them take a few milliseconds.
package org.strait.launcher.doctor;
