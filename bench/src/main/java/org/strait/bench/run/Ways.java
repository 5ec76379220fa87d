package org.strait.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.strait.bench.peers.PythonPeers;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.Outcome.Part;

/// Collects the contenders of one bout. What a call leaves behind is the number it returns and runs
/// of memory, which may be the same for all: every call overwrites them.
public final class Ways {
  private final Workplace place;
  private final int threads;
  private final String number;
  private final Part[] runs;
  private final Runnable reset;
  private final List<Contender> contenders = new ArrayList<>();

  /// The number that a call returned last.
  private static final class Returned {
    private double value;
  }

  /// @param number what the number is that a call returns
  /// @param reset puts operands to what a checked call starts from
  /// @param runs what else a call leaves behind
  public Ways(Workplace place, int threads, String number, Runnable reset, Part... runs) {
    this.place = place;
    this.threads = threads;
    this.number = number;
    this.reset = reset;
    this.runs = runs;
  }

  /// Strait's way.
  public Ways strait(DoubleSupplier call) {
    return add(place.strait(), false, call);
  }

  /// A way in C, if there is a compiler; {@code bind} makes the call.
  public Ways twin(String who, Function<Twins, Twins.Call> bind) {
    Optional<Twins> twins = place.twins(threads);
    twins.ifPresent(found -> add(who, true, bind.apply(found)::once));
    return this;
  }

  /// A way in C that repeats tiny work itself.
  public Ways repeatingTwin(String who, Function<Twins, Twins.Call> bind) {
    place
        .twins(threads)
        .ifPresent(
            found -> {
              Twins.Call call = bind.apply(found);
              peerThatRepeats(who, call::repeated);
            });
    return this;
  }

  /// A peer that repeats the work itself.
  public void peerThatRepeats(String who, IntToDoubleFunction work) {
    Returned last = new Returned();
    contenders.add(
        Contender.here(
            who,
            true,
            outcome(last, runs),
            reset,
            repeats -> last.value = work.applyAsDouble(repeats)));
  }

  /// Any way; its number and runs are compared.
  ///
  /// @param instead its runs, if they are not the common ones
  public Ways add(String who, boolean peer, DoubleSupplier call, Part... instead) {
    Returned last = new Returned();
    contenders.add(
        Contender.here(
            who,
            peer,
            outcome(last, instead.length == 0 ? runs : instead),
            reset,
            repeats -> {
              for (int i = 0; i < repeats; i++) {
                last.value = call.getAsDouble();
              }
            }));
    return this;
  }

  private Outcome outcome(Returned last, Part... left) {
    List<Part> parts = new ArrayList<>(List.of(left));
    parts.add(Part.number(number, () -> last.value));
    return new Outcome(parts);
  }

  /// Ways in Python, if asked for and there; only the number is compared.
  public Ways python(String work, Object... arguments) {
    place.python().ifPresent(peers -> addPython(peers, work, arguments));
    return this;
  }

  private void addPython(PythonPeers peers, String work, Object... arguments) {
    for (String library : peers.librariesFor(work)) {
      Returned last = new Returned();
      contenders.add(
          Contender.timedByItself(
              library,
              true,
              outcome(last),
              repeats -> {
                PythonPeers.Answer answer = peers.run(library, work, threads, repeats, arguments);
                last.value = answer.number();
                return answer.seconds();
              }));
    }
  }

  /// A way of Strait's in processes of its own, which say how long one call took.
  ///
  /// @param seconds of one call
  public Ways timedByItself(String who, DoubleSupplier seconds, Part... left) {
    contenders.add(
        Contender.timedByItself(
            who,
            false,
            new Outcome(List.of(left)),
            repeats -> {
              double sum = 0;
              for (int i = 0; i < repeats; i++) {
                sum += seconds.getAsDouble();
              }
              return sum;
            }));
    return this;
  }

  /// Whether nobody came.
  public boolean isEmpty() {
    return contenders.isEmpty();
  }

  /// The bout.
  public Bout bout(String name, Work work, double tolerance, Outcome expected) {
    return new Bout(name, threads, work, expected, tolerance, contenders);
  }
}
