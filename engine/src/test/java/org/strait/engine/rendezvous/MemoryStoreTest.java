package org.strait.engine.rendezvous;

class MemoryStoreTest extends StoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  protected Store store() {
    return store;
  }
}
