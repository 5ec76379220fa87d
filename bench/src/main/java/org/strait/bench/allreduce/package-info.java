/// {@code strait bench allreduce}: a float32 sum over ranks that are processes, by every engine and
/// peer on the machine. All are open at once and take turns, size by size. Start with {@link
/// org.strait.bench.allreduce.AllReduceBench}; a {@link org.strait.bench.allreduce.Crew} is the
/// processes of one engine, {@link org.strait.bench.allreduce.RankMain} one of ours.
package org.strait.bench.allreduce;
