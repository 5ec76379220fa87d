package org.strait.launcher.bench;

import com.google.gson.JsonArray;
import java.util.List;

/// What was measured.
///
/// @param rows as the command contract has them
/// @param table the same for people, line by line
public record BenchResult(JsonArray rows, List<String> table) {}
