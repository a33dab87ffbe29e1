/// The packaged program as its users meet it: real processes, real disks, real faults.
///
/// Start at [Server] (a server process) and [Person] (someone with a home folder who types commands). Nothing here
/// reaches into the
/// program; what is damaged, is damaged on disk, and what is killed, is killed by a signal.
@NullMarked
package acervo.e2e;

import org.jspecify.annotations.NullMarked;
