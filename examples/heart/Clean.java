import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Makes rows of one hospital's file of the UCI set "Heart Disease" (14 columns, comma-separated,
 * "?" where a value is missing): LIBSVM text, +1 where there is disease. What a column becomes is
 * fixed here and not learned from rows, so every hospital cleans its own file alone and all get the
 * same features. Every fifth row is kept for testing.
 *
 * <p>java Clean.java IN OUT.libsvm OUT.t.libsvm
 */
public class Clean {
  /** Columns that are numbers: where they are, a middle, a spread, and whether 0 means missing. */
  private record Measured(int column, double middle, double spread, boolean zeroIsMissing) {}

  private static final List<Measured> MEASURED =
      List.of(
          new Measured(0, 54, 9, false), // age, years
          new Measured(3, 132, 18, true), // trestbps, mm Hg at rest
          new Measured(4, 247, 60, true), // chol, mg/dl
          new Measured(7, 138, 26, false), // thalach, highest heart rate
          new Measured(9, 0.9, 1.1, false)); // oldpeak, mm

  /** Columns that are one of few values; anything else counts as missing. */
  private record Chosen(int column, List<Integer> values) {}

  private static final List<Chosen> CHOSEN =
      List.of(
          new Chosen(1, List.of(0, 1)), // sex
          new Chosen(2, List.of(1, 2, 3, 4)), // cp, kind of chest pain
          new Chosen(5, List.of(0, 1)), // fbs, blood sugar above 120 mg/dl
          new Chosen(6, List.of(0, 1, 2)), // restecg
          new Chosen(8, List.of(0, 1)), // exang, angina by exercise
          new Chosen(10, List.of(1, 2, 3)), // slope
          new Chosen(11, List.of(0, 1, 2, 3)), // ca, vessels
          new Chosen(12, List.of(3, 6, 7))); // thal

  private static final int COLUMNS = 14;

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: java Clean.java IN OUT.libsvm OUT.t.libsvm");
      System.exit(2);
    }
    try (BufferedReader in = open(Path.of(args[0]));
        PrintWriter train = new PrintWriter(args[1], StandardCharsets.UTF_8);
        PrintWriter test = new PrintWriter(args[2], StandardCharsets.UTF_8)) {
      int number = 0;
      int kept = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          String[] cells = line.strip().split(",", -1);
          if (cells.length != COLUMNS) {
            System.err.printf(
                "%s:%d: %d columns, expected %d; take the file processed.*.data%n",
                args[0], number, cells.length, COLUMNS);
            System.exit(2);
          }
          (kept++ % 5 == 4 ? test : train).println(row(cells));
        }
      }
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (file.toString().endsWith(".gz")) {
      in = new GZIPInputStream(in);
    }
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private static String row(String[] cells) {
    List<String> words = new ArrayList<>();
    words.add(number(cells[13]) > 0 ? "+1" : "-1");
    words.add("1:1"); // what all rows have: the intercept
    int feature = 2;
    for (Measured m : MEASURED) {
      double x = number(cells[m.column]);
      boolean missing = Double.isNaN(x) || (m.zeroIsMissing && x == 0);
      words.add(
          missing
              ? (feature + 1) + ":1"
              : feature + ":" + Math.round((x - m.middle) / m.spread * 1e4) / 1e4);
      feature += 2;
    }
    for (Chosen c : CHOSEN) {
      int at = c.values.indexOf((int) number(cells[c.column]));
      boolean missing = Double.isNaN(number(cells[c.column])) || at < 0;
      words.add((feature + (missing ? c.values.size() : at)) + ":1");
      feature += c.values.size() + 1;
    }
    return String.join(" ", words);
  }

  private static double number(String cell) {
    return cell.isBlank() || cell.strip().equals("?")
        ? Double.NaN
        : Double.parseDouble(cell.strip());
  }
}
