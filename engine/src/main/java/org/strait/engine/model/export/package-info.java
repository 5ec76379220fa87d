/// Trained models in the forms of other programs.
package org.strait.engine.model.export;
