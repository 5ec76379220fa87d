package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalScannerTest {
  private final DecimalScanner scanner = new DecimalScanner();

  private void check(String number) {
    byte[] bytes = ("x" + number + " ").getBytes(StandardCharsets.ISO_8859_1);
    float got = scanner.scan(bytes, 1);
    assertEquals(number.length() + 1, scanner.end(), number);
    assertEquals(
        Float.floatToRawIntBits(Float.parseFloat(number)), Float.floatToRawIntBits(got), number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5e-3",
        "1E5",
        "1e+5",
        "16777217",
        "16777219",
        "3.4028235e38",
        "3.4028236e38",
        "1e39",
        "-1e400",
        "1.4e-45",
        "7e-46",
        "1e-400",
        "1.17549435e-38",
        "123456789012345678901234567890",
        "0.000000000000000000000000000000000000001",
        "9007199254740993",
        "00000000000000000000000001.5",
        "1e99999999999"
      })
  void specialNumbersAreReadAsParseFloatReadsThem(String number) {
    check(number);
  }

  @Test
  void randomDecimalsAreReadAsParseFloatReadsThem() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
      int before = random.nextInt(10);
      int after = before == 0 ? 1 + random.nextInt(18) : random.nextInt(12);
      for (int j = 0; j < before; j++) {
        number.append((char) ('0' + random.nextInt(10)));
      }
      if (after > 0) {
        number.append('.');
        for (int j = 0; j < after; j++) {
          number.append((char) ('0' + random.nextInt(10)));
        }
      }
      if (random.nextInt(3) == 0) {
        number.append(random.nextBoolean() ? "e" : "E").append(random.nextInt(100) - 50);
      }
      check(number.toString());
    }
  }

  @Test
  void numbersAtAndBesideTheMiddleOfTwoFloatsRoundOnce() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      float low = random.nextFloat() * (1 << random.nextInt(20));
      BigDecimal middle =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.TWO);
      check(middle.toPlainString());
      check(middle.add(new BigDecimal("1e-30")).toPlainString());
      check(middle.subtract(new BigDecimal("1e-30")).toPlainString());
      check(middle.round(new java.math.MathContext(16)).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "+", ".", "-.", "e5", "1e", "1e+", "nan", "--1", "abc"})
  void whatIsNoNumberIsNotRead(String text) {
    scanner.scan((text + " ").getBytes(StandardCharsets.ISO_8859_1), 0);
    assertEquals(-1, scanner.end());
  }
}
