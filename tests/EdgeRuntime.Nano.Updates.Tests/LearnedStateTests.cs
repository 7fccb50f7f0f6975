namespace EdgeInference.Nano.Updates.Tests;

/// <summary>What a model has learned, kept on the device: the power goes at each step, bytes are damaged, the storage runs full.</summary>
public class LearnedStateTests
{
    private static readonly byte[] one = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private static readonly byte[] two = [.. Enumerable.Range(0, 100).Select(i => (byte)(255 - i))];
    private static readonly byte[] three = [.. Enumerable.Range(0, 120).Select(i => (byte)(i * 7))];

    public static TheoryData<int, double, int> Cases()
    {
        var cases = new TheoryData<int, double, int>();
        foreach (Survives survives in Enum.GetValues<Survives>())
        {
            foreach (double torn in (double[])[0, 0.5, 1])
            {
                for (int before = 0; before < 3; before++)
                {
                    cases.Add((int)survives, torn, before);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_start_after_a_loss_of_power_has_the_state_before_or_the_new_one(int survives, double torn, int statesBefore)
    {
        byte[][] before = [.. new[] { one, two }.Take(statesBefore)];
        byte[]? old = before.LastOrDefault();
        var seen = new HashSet<bool>();
        bool isDone = false;
        for (int cut = 0; !isDone; cut++)
        {
            var storage = new MemoryStorage((Survives)survives);
            var state = new LearnedState(storage);
            Array.ForEach(before, state.Save);
            storage.CutAt = storage.Steps + cut;
            storage.Torn = torn;
            Exception? fault = Record.Exception(() => state.Save(three));
            isDone = !storage.IsOff;
            Assert.Equal(!isDone, fault is not null);

            var next = new LearnedState(storage.Restarted());
            byte[]? found = next.Load();
            bool isNew = found is not null && found.AsSpan().SequenceEqual(three);
            Assert.True(isNew || (found is null ? old is null : old is not null && found.AsSpan().SequenceEqual(old)));
            Assert.True(fault is not null || isNew);
            seen.Add(isNew);

            // What was left does not stand in the way.
            next.Save(one);
            Assert.Equal(one, next.Load());
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void The_state_before_counts_where_any_byte_of_the_last_one_is_damaged()
    {
        var storage = new MemoryStorage();
        var state = new LearnedState(storage);
        Assert.Null(state.Load());
        state.Save(one);
        state.Save(two);
        byte[] last = storage["learn_b.edl"]!;
        for (int i = 0; i < last.Length; i++)
        {
            last[i] ^= 0x10;
            Assert.Equal(one, state.Load());
            last[i] ^= 0x10;
        }

        Assert.Equal(two, state.Load());
        for (int length = 0; length < last.Length; length++)
        {
            storage["learn_b.edl"] = last[..length];
            Assert.Equal(one, state.Load());
        }

        storage["learn_b.edl"] = last;
        state.Clear();
        Assert.Null(state.Load());
    }

    [Fact]
    public void What_cannot_be_written_leaves_the_state_before()
    {
        var storage = new MemoryStorage();
        var state = new LearnedState(storage);
        state.Save(one);
        state.Save(two);
        storage.Capacity = 200;
        Assert.Throws<IOException>(() => state.Save(three));
        Assert.Equal(two, state.Load());

        storage.Capacity = int.MaxValue;
        storage.Damaged = "learn_a.edl";
        Assert.Contains("'learn_a.edl'", Assert.Throws<IOException>(() => state.Save(three)).Message, StringComparison.Ordinal);
        Assert.Equal(two, state.Load());
        storage.Damaged = null;
        storage.MaxRead = 7;
        state.Save(one);
        Assert.Equal(one, state.Load());
    }

    // Numbers of 32 bits go round, and files take turns.
    [Fact]
    public void The_later_one_is_told_where_numbers_go_round()
    {
        var storage = new MemoryStorage();
        var state = new LearnedState(storage);
        state.Save(one);
        byte[] file = storage["learn_a.edl"]!;
        BitConverter.GetBytes(int.MaxValue).CopyTo(file, 4);
        BitConverter.GetBytes(Crc32.Of(file, file.Length - 4)).CopyTo(file, file.Length - 4);
        Assert.Equal(one, state.Load());
        foreach (byte[] next in (byte[][])[two, three, one])
        {
            state.Save(next);
            Assert.Equal(next, state.Load());
        }

        Assert.Equal(120 + 16, storage["learn_a.edl"]!.Length);
        Assert.Equal(100 + 16, storage["learn_b.edl"]!.Length);
    }

    [Fact]
    public void Nothing_is_refused_in_words_of_the_language()
    {
        Assert.Throws<ArgumentNullException>(() => new LearnedState(null!));
        Assert.Throws<ArgumentNullException>(() => new LearnedState(new MemoryStorage()).Save(null!));
    }
}
