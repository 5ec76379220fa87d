/// What is written to disks: files that are there whole or not at all, and float32 as bytes.
package org.strait.engine.disk;
