package org.strait.engine.data;

import java.util.List;

/// Each row to the data centre whose name is the row's site.
final class SiteSplit implements RowSplit {
  private final SiteFile sites;

  SiteSplit(SiteFile sites) {
    this.sites = sites;
  }

  @Override
  public String name() {
    return "sites";
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    sites.checkRows(data);
    int[] dcOfSite = new int[sites.names().size()];
    for (int site = 0; site < dcOfSite.length; site++) {
      dcOfSite[site] = dcs.indexOf(sites.names().get(site));
      if (dcOfSite[site] < 0) {
        throw new DataException(
            sites.source(),
            "sites " + sites.names() + ", but the data centres are " + dcs,
            "name the data centres after the sites");
      }
    }
    int[] dcOfRow = new int[data.rows()];
    for (int row = 0; row < dcOfRow.length; row++) {
      dcOfRow[row] = dcOfSite[sites.site(row)];
    }
    return dcOfRow;
  }
}
