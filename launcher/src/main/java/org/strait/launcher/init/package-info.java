/// `strait init`: files to start from. {@link org.strait.launcher.init.Templates} is the list.
package org.strait.launcher.init;
