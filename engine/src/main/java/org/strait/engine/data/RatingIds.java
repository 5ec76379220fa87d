package org.strait.engine.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which feature each rated item and each user of some ratings is: items first, in the order of
/// their ids, then users. Data centres agree on the union of their items, which all know, and only
/// on how many users each has: a user's id does not leave its data centre.
public final class RatingIds {
  /// Shorter ids first, so whole numbers stand in their order.
  private static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private final List<String> items;
  private final List<String> users;
  private final int usersBefore;
  private final int allUsers;
  private final Map<String, Integer> itemPlaces = new HashMap<>();
  private final Map<String, Integer> userPlaces = new HashMap<>();

  private RatingIds(List<String> items, List<String> users, int usersBefore, int allUsers) {
    this.items = items;
    this.users = users;
    this.usersBefore = usersBefore;
    this.allUsers = allUsers;
    for (String item : items) {
      itemPlaces.put(item, itemPlaces.size());
    }
    for (String user : users) {
      userPlaces.put(user, items.size() + usersBefore + userPlaces.size());
    }
  }

  /// Of one place alone.
  public static RatingIds of(Collection<String> items, Collection<String> users) {
    return new RatingIds(ordered(items), ordered(users), 0, users.size());
  }

  private static List<String> ordered(Collection<String> ids) {
    return ids.stream().distinct().sorted(ORDER).toList();
  }

  /// The same users among those of all data centres, over the items of all.
  ///
  /// @param allItems at least the items of this one
  /// @param before users of the data centres before this one
  /// @param total users of all
  public RatingIds among(Collection<String> allItems, int before, int total) {
    return new RatingIds(ordered(allItems), users, before, total);
  }

  /// Items in the order of their features, the first ones.
  public List<String> items() {
    return items;
  }

  /// Users of this data centre in the order of their features.
  public List<String> users() {
    return users;
  }

  /// Number of features, those of other data centres' users included.
  public int features() {
    return Math.addExact(items.size(), allUsers);
  }

  /// Feature of an item; -1 if nobody has rated it.
  public int item(String id) {
    return itemPlaces.getOrDefault(id, -1);
  }

  /// Feature of a user; -1 if this data centre does not have it.
  public int user(String id) {
    return userPlaces.getOrDefault(id, -1);
  }

  /// Feature of the first user of this data centre.
  public int firstUser() {
    return items.size() + usersBefore;
  }
}
