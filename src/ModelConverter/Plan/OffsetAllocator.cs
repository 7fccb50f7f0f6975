namespace EdgeInference.ModelConverter.Plan;

/// <summary>
/// Gives lives their offsets. Greedy, as in "Efficient Memory Management for Deep Neural Net Inference" (Pisarchyk and Lee,
/// 2020): one after the other, each at the lowest offset that is free for its whole life. No order is best for all graphs, so
/// several are tried, and after them orders that put first what stuck out last.
/// </summary>
internal static class OffsetAllocator
{
    private const int Repairs = 64;

    // Each order takes the square of their number; of more than these one order is tried, by those that are alive.
    private const int MostToOrder = 2048;

    /// <summary>Sets all offsets; gives the bytes of the arena. Stops at the first order that needs no more than <paramref name="bound"/>.</summary>
    internal static int Allocate(List<TensorLifetime> lives, int bound)
    {
        if (lives.Count > MostToOrder)
        {
            return FirstFit([.. lives.OrderBy(life => life.Start).ThenByDescending(life => life.Bytes)]);
        }

        int[] best = [];
        int bytes = int.MaxValue;
        foreach (List<TensorLifetime> order in Orders(lives))
        {
            for (int repair = 0; repair <= Repairs && bytes > bound; repair++)
            {
                int arena = Greedy(order);
                if (arena < bytes)
                {
                    bytes = arena;
                    best = [.. lives.Select(life => life.Offset)];
                }

                TensorLifetime top = order.MaxBy(life => life.Offset + life.Bytes)!;
                order.Remove(top);
                order.Insert(0, top);
            }
        }

        for (int i = 0; i < lives.Count; i++)
        {
            lives[i].Offset = best[i];
        }

        return lives.Count == 0 ? 0 : bytes;
    }

    private static IEnumerable<List<TensorLifetime>> Orders(List<TensorLifetime> lives)
    {
        if (lives.Count == 0)
        {
            yield break;
        }

        yield return [.. lives.OrderByDescending(life => life.Bytes).ThenBy(life => life.Start)];
        yield return [.. lives.OrderByDescending(life => life.End - life.Start).ThenByDescending(life => life.Bytes)];
        yield return [.. lives.OrderBy(life => life.Start).ThenByDescending(life => life.Bytes)];
        yield return [.. lives.OrderByDescending(life => life.End).ThenByDescending(life => life.Bytes)];
        yield return [.. lives.OrderByDescending(life => (long)life.Bytes * (life.End - life.Start + 1)).ThenBy(life => life.Start)];
    }

    // In the order of their starts, so that only those that are alive are looked at.
    private static int FirstFit(List<TensorLifetime> order)
    {
        var alive = new List<TensorLifetime>();
        int arena = 0;
        foreach (TensorLifetime life in order)
        {
            alive.RemoveAll(other => !life.Overlaps(other));
            int offset = 0;
            int place = 0;
            while (place < alive.Count && offset + life.Bytes > alive[place].Offset)
            {
                offset = Math.Max(offset, alive[place].Offset + alive[place].Bytes);
                place++;
            }

            life.Offset = offset;
            alive.Insert(place, life);
            arena = Math.Max(arena, offset + life.Bytes);
        }

        return arena;
    }

    private static int Greedy(List<TensorLifetime> order)
    {
        var placed = new List<TensorLifetime>();
        int arena = 0;
        foreach (TensorLifetime life in order)
        {
            int offset = 0;
            foreach (TensorLifetime other in placed)
            {
                if (!life.Overlaps(other))
                {
                    continue;
                }

                if (offset + life.Bytes <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Bytes);
            }

            life.Offset = offset;
            placed.Insert(placed.TakeWhile(other => other.Offset <= offset).Count(), life);
            arena = Math.Max(arena, offset + life.Bytes);
        }

        return arena;
    }
}
