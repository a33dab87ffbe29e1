/// Tests of the ignore files.
@NullMarked
package acervo.sync.ignore;

import org.jspecify.annotations.NullMarked;
