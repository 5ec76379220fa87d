package org.strait.launcher.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A value of a YAML 1.2 file that knows where it stands, so that every complaint can say
/// `file:line:column`. Only text, lists and mappings; types are checked by whoever reads them.
final class YamlValue {
  /// One key of a mapping and its value.
  record Entry(String key, YamlValue keyAt, YamlValue value) {}

  private final String file;
  private final Node node;

  private YamlValue(String file, Node node) {
    this.file = file;
    this.node = node;
  }

  /// Reads a file that holds one mapping.
  static YamlValue read(Path path) {
    String name = path.getFileName().toString();
    String text;
    try {
      text = Files.readString(path);
    } catch (CharacterCodingException e) {
      throw new UserMistake(path + " is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      throw new UserMistake("cannot read " + path + why(path), "give the path of a YAML file");
    }
    return parse(name, text);
  }

  private static String why(Path path) {
    if (!Files.exists(path)) {
      return ": there is no such file";
    }
    return Files.isDirectory(path) ? ": it is a folder" : "";
  }

  /// Parses text that holds one mapping.
  static YamlValue parse(String file, String text) {
    YamlValue root;
    try {
      Compose compose = new Compose(LoadSettings.builder().setLabel(file).build());
      root =
          compose
              .composeString(text)
              .map(node -> new YamlValue(file, node))
              .orElseThrow(
                  () -> new UserMistake(file + ":1:1 is empty", "write keys such as \"data: …\""));
    } catch (MarkedYamlEngineException e) {
      throw notYaml(file, text, e);
    } catch (YamlEngineException e) {
      throw new UserMistake(file + ": " + e.getMessage(), "correct the YAML");
    }
    if (!root.isMapping()) {
      throw root.mistake("is not a mapping", "write keys such as \"data: rows.libsvm\"");
    }
    return root;
  }

  private static UserMistake notYaml(String file, String text, MarkedYamlEngineException e) {
    String problem = e.getProblem();
    Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
    if (mark == null) {
      return new UserMistake(file + ": " + problem, "correct the YAML");
    }
    String line = text.lines().skip(mark.getLine()).findFirst().orElse("");
    int firstTab = line.indexOf('\t');
    if (firstTab >= 0 && line.substring(0, firstTab).isBlank()) {
      return new UserMistake(
          file + ":" + (mark.getLine() + 1) + ":" + (firstTab + 1) + " a tab in the indentation",
          "YAML indents with spaces");
    }
    return new UserMistake(
        file
            + ":"
            + (mark.getLine() + 1)
            + ":"
            + (mark.getColumn() + 1)
            + " is not YAML: "
            + problem,
        "check the indentation, quotes and brackets just before this place");
  }

  /// `file:line:column`, counted from 1.
  String where() {
    return node.getStartMark()
        .map(mark -> file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
        .orElse(file);
  }

  /// A complaint about this value.
  UserMistake mistake(String what, String remedy) {
    return new UserMistake(where() + " " + what, remedy);
  }

  /// A complaint from {@link Units}, whose message has both parts.
  UserMistake mistake(String key, IllegalArgumentException e) {
    return Setting.mistake(where() + " " + key, e);
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isText() {
    return node instanceof ScalarNode && !node.getTag().equals(Tag.NULL);
  }

  private String kind() {
    if (isMapping()) {
      return "a mapping";
    }
    if (isList()) {
      return "a list";
    }
    return isText() ? "a single value" : "nothing";
  }

  /// The text of a single value.
  String text(String key, String example) {
    if (!isText()) {
      throw mistake(key + ": expected a single value, found " + kind(), "write " + example);
    }
    return ((ScalarNode) node).getValue();
  }

  /// The elements of a list.
  List<YamlValue> list(String key, String example) {
    if (!(node instanceof SequenceNode sequence)) {
      throw mistake(key + ": expected a list, found " + kind(), "write " + example);
    }
    return sequence.getValue().stream().map(n -> new YamlValue(file, n)).toList();
  }

  /// The keys of a mapping in file order; a key that stands twice is an error.
  List<Entry> entries(String key, String example) {
    if (!(node instanceof MappingNode mapping)) {
      throw mistake(key + ": expected a mapping, found " + kind(), "write " + example);
    }
    List<Entry> entries = new ArrayList<>();
    Map<String, YamlValue> seen = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      YamlValue at = new YamlValue(file, tuple.getKeyNode());
      String name = at.text("key", "a name before the colon");
      YamlValue first = seen.put(name, at);
      if (first != null) {
        throw at.mistake(
            "key \"" + name + "\" stands twice, first at " + first.where(), "keep one of them");
      }
      entries.add(new Entry(name, at, new YamlValue(file, tuple.getValueNode())));
    }
    return entries;
  }
}
