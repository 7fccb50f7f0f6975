using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>The power goes at each operation on the disk in turn: afterwards the old model or the new one is there, and what was said still holds.</summary>
public sealed class DeviceStoreCutTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-cut").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new() { Trial = new UpdateTrial() };
    private readonly Dictionary<ulong, byte[]> models = [];
    private int stores;

    public DeviceStoreCutTests() => policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    private string Factory => Path.Combine(folder, "factory.edge");

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cut_update_leaves_the_old_or_the_new_model(bool confirmed)
    {
        int cuts = ForEachCut(
            updater =>
            {
                Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(3), "t").Outcome);
                if (confirmed)
                {
                    Assert.Equal(UpdateOutcome.Confirmed, updater.Confirm().Outcome);
                }
            },
            updater => updater.Apply(Version(4), "t").Outcome,
            (said, updater, cut) =>
            {
                Assert.Contains(updater.Host.Version, new[] { 3ul, 4ul });
                Assert.True(said != UpdateOutcome.Applied || updater.Host.Version == 4, cut);

                // Whichever it is, no older one follows, and the one before can be gone back to.
                Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(TestModels.Signed(key, updater.Host.Version, weight: 9f), "t").Outcome);
                Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(Version(2), "t").Outcome);
                if (updater.Host.Version == 4)
                {
                    Assert.True(updater.OnTrial, cut);
                    Assert.Equal(UpdateOutcome.TakenBack, updater.FallBack("bad.").Outcome);
                    Assert.Equal(confirmed ? 3ul : 2ul, updater.Host.Version);
                    Assert.Equal(UpdateOutcome.TakenBack, updater.Apply(Version(4), "t").Outcome);
                }
            });
        Assert.InRange(cuts, 15, 100);
    }

    [Fact]
    public void A_cut_fall_back_is_not_undone()
    {
        int cuts = ForEachCut(
            updater => Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(3), "t").Outcome),
            updater => updater.FallBack("bad.").Outcome,
            (_, updater, cut) =>
            {
                // Before the record the model is still on trial; after it, it is never taken again.
                Assert.Equal(updater.OnTrial ? 3ul : 2ul, updater.Host.Version);
                Assert.Equal(updater.OnTrial ? UpdateOutcome.Unchanged : UpdateOutcome.TakenBack, updater.Apply(Version(3), "t").Outcome);
                Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(Version(1), "t").Outcome);
                Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(5), "t").Outcome);
            });
        Assert.InRange(cuts, 8, 100);
    }

    [Fact]
    public void A_cut_confirmation_leaves_the_model_on_trial_or_confirmed()
    {
        int cuts = ForEachCut(
            updater => Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(3), "t").Outcome),
            updater => updater.Confirm().Outcome,
            (said, updater, cut) =>
            {
                Assert.Equal(3ul, updater.Host.Version);
                Assert.False(said == UpdateOutcome.Confirmed && updater.OnTrial, cut);
            });
        Assert.InRange(cuts, 8, 100);
    }

    // A signature has a random part: signed again it would be another file.
    private byte[] Version(ulong version) => models.TryGetValue(version, out byte[]? model) ? model : models[version] = TestModels.Signed(key, version, weight: version);

    // Version 2 is in use and confirmed at the start of each.
    private int ForEachCut(Action<ModelUpdater> before, Func<ModelUpdater, UpdateOutcome> act, Action<UpdateOutcome, ModelUpdater, string> after)
    {
        File.WriteAllBytes(Factory, Version(1));
        for (int operations = 0; ; operations++)
        {
            string store = Path.Combine(folder, $"store-{stores++}");
            var files = new CutFiles(operations);
            UpdateOutcome said;
            using (var updater = ModelUpdater.Open(store, Factory, policy))
            {
                updater.Apply(Version(2), "t");
                updater.Confirm();
                before(updater);
                updater.Store.Files = files;
                said = act(updater);
            }

            string cut = $"cut at operation {operations} of {store}";
            var passedOver = new List<UpdateReport>();
            using (var again = ModelUpdater.Open(store, Factory, policy, passedOver.Add))
            {
                Assert.True(passedOver.Count == 0, $"{cut}: {passedOver.FirstOrDefault()}");
                Assert.DoesNotContain(Directory.GetFiles(store), path => Path.GetFileName(path).StartsWith(".model", StringComparison.Ordinal));
                Assert.True(File.Exists(Path.Combine(store, "model.edge")), cut);
                after(said, again, cut);
            }

            if (!files.IsCut)
            {
                return operations;
            }
        }
    }
}
