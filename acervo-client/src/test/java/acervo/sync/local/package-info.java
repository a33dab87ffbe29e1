/// Tests of the synced folder on a real disk: `LiveFolder` is one that is kept, watched by the real watch.
@NullMarked
package acervo.sync.local;

import org.jspecify.annotations.NullMarked;
