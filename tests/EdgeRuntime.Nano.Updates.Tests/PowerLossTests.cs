namespace EdgeInference.Nano.Updates.Tests;

/// <summary>The power goes at each write, flush and delete of an update: the next start has the old model or the new one, whole.</summary>
public class PowerLossTests
{
    private static readonly UpdatePolicy Policy = TestPolicy.Trusting();
    private static readonly byte[] Factory = Models.Signed(1, 1f);

    public static TheoryData<int, double, int> Cases()
    {
        var cases = new TheoryData<int, double, int>();
        foreach (Survives survives in Enum.GetValues<Survives>())
        {
            foreach (double torn in (double[])[0, 0.5, 1])
            {
                cases.Add((int)survives, torn, 0);
                cases.Add((int)survives, torn, 1);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_start_after_a_loss_of_power_has_a_whole_model(int survives, double torn, int updatesBefore)
    {
        byte[] file = Models.Signed(9, 9f);
        bool isDone = false;
        var seen = new HashSet<ulong>();
        for (int cut = 0; !isDone; cut++)
        {
            var storage = new MemoryStorage((Survives)survives);
            ModelUpdater updater = Open(storage);
            for (int i = 0; i < updatesBefore; i++)
            {
                Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Signed((ulong)(2 + i), 2 + i), "before").Outcome);
            }

            float old = 1 + updatesBefore;
            Assert.Equal(Models.Answer(old), Models.Answer(updater), 1e-6f);
            storage.CutAt = storage.Steps + cut;
            storage.Torn = torn;
            UpdateReport report = Offer(updater, file, 100);
            isDone = !storage.IsOff;

            // Whether or not the power is there, the program decides on.
            Assert.Equal(Models.Answer(report.Outcome == UpdateOutcome.Applied ? 9f : old), Models.Answer(updater), 1e-6f);
            ModelUpdater next = Open(storage.Restarted());
            float answer = Models.Answer(next);
            Assert.Contains(new[] { Models.Answer(old), Models.Answer(9f) }, expected => MathF.Abs(expected - answer) < 1e-6f);
            Assert.True(report.Outcome != UpdateOutcome.Applied || MathF.Abs(Models.Answer(9f) - answer) < 1e-6f, $"Applied, then lost at step {cut}.");
            seen.Add(next.Current.Version);

            // What was left does not stand in the way of the next offer.
            Assert.Contains(Offer(next, file, 70).Outcome, new[] { UpdateOutcome.Applied, UpdateOutcome.Unchanged });
            Assert.Equal(UpdateOutcome.Applied, Offer(next, Models.Signed(10, 10f), 70).Outcome);
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void A_start_after_the_slot_in_use_was_damaged_has_the_model_before()
    {
        var storage = new MemoryStorage();
        ModelUpdater updater = Open(storage);
        updater.Apply(Models.Signed(2, 2f), "t");
        updater.Apply(Models.Signed(3, 3f), "t");
        byte[] inUse = storage["model_b.edg"]!;
        for (int i = 0; i < inUse.Length; i++)
        {
            inUse[i] ^= 0x10;
            Assert.Equal(2ul, Open(storage).Current.Version);
            inUse[i] ^= 0x10;
        }

        Assert.Equal(3ul, Open(storage).Current.Version);
    }

    [Fact]
    public void A_record_that_is_damaged_or_cut_is_none()
    {
        var storage = new MemoryStorage();
        ModelUpdater updater = Open(storage);
        updater.Apply(Models.Signed(2, 2f), "t");
        updater.Apply(Models.Signed(3, 3f), "t");
        byte[] whole = storage["model_b.rec"]!;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 1;
            storage["model_b.rec"] = damaged;
            Assert.Equal(2ul, Open(storage).Current.Version);
            storage["model_b.rec"] = whole[..i];
            Assert.Equal(2ul, Open(storage).Current.Version);
        }

        storage["model_b.rec"] = whole;
        Assert.Equal(3ul, Open(storage).Current.Version);
    }

    private static ModelUpdater Open(MemoryStorage storage) => ModelUpdater.Open(storage, Factory, Policy, null);

    internal static UpdateReport Offer(ModelUpdater updater, byte[] file, int part)
    {
        ModelReceiver? receiver = updater.Receive("offer", file.Length);
        if (receiver is null)
        {
            return updater.Last;
        }

        for (int i = 0; i < file.Length; i += part)
        {
            receiver.Write(file, i, Math.Min(part, file.Length - i));
        }

        return receiver.Finish();
    }
}
