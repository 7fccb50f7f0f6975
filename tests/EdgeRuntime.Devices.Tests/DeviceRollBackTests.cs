using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>What a store remembers of the versions that it has seen, whatever happens to its files.</summary>
public sealed class DeviceRollBackTests : StoreTests
{
    [Fact]
    public void A_store_of_an_earlier_program_is_taken_over_as_it_is()
    {
        Directory.CreateDirectory(Store);
        File.WriteAllBytes(Stored, Version(7));
        Assert.Equal(7ul, Start());
        Assert.Equal(Version(7).Length, new FileInfo(Stored).Length);
        Assert.Equal(7ul, Start());
        Assert.Empty(reports);
    }

    [Fact]
    public void Deleting_the_model_in_use_falls_back_to_the_one_before_and_does_not_forget_the_version()
    {
        Update(5, 6);
        File.Delete(Stored);
        Assert.Equal(5ul, Start());
        Assert.Equal("The confirmed model before, version 5, is used although version 6 was accepted here: nothing newer is usable; offer a version above 6.", Assert.Single(reports).Reason);
        Assert.Equal(Version(5).Length, new FileInfo(Stored).Length);

        // It goes on with 5, and takes neither 6 again in other clothes nor anything below.
        reports.Clear();
        using ModelUpdater updater = Open();
        Assert.Empty(reports);
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(TestModels.Signed(key, 6, weight: 60f), "t").Outcome);
        Assert.EndsWith("version 6, the highest that was accepted here.", reports[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(7), "t").Outcome);
    }

    [Fact]
    public void An_older_signed_model_put_in_the_place_of_the_stored_one_is_refused_at_the_start()
    {
        Update(5, 6);
        File.WriteAllBytes(Stored, Version(3));
        Assert.Equal(5ul, Start());
        Assert.Contains(new UpdateReport(UpdateOutcome.NotNewer, Stored, 3, "Its version 3 is older than version 6, the highest that was accepted here."), reports);

        // Nor is it where nothing else is left.
        File.Delete(Path.Combine(Store, "previous.edge"));
        File.Delete(Factory);
        Assert.Throws<InvalidDataException>(() => Open());
    }

    [Fact]
    public void A_newer_signed_model_put_in_the_place_of_the_stored_one_is_taken()
    {
        Update(5, 6);
        File.WriteAllBytes(Stored, Version(9));
        Assert.Equal(9ul, Start());
        Assert.Empty(reports);
        File.WriteAllBytes(Stored, Version(8));
        Assert.NotEqual(8ul, Start());
    }

    [Fact]
    public void Without_slots_the_model_of_the_factory_is_the_last_resort_and_is_said()
    {
        Update(5);
        File.Delete(Stored);
        Assert.Equal(1ul, Start());
        Assert.Contains("version 1, is used although version 5 was accepted here", Assert.Single(reports).Reason, StringComparison.Ordinal);
        using ModelUpdater updater = Open();
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(Version(4), "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(6), "t").Outcome);
    }

    [Fact]
    public void Deleting_the_record_with_its_copy_is_the_reset()
    {
        Update(5, 6);
        File.WriteAllBytes(Stored, Version(3));
        File.Delete(Path.Combine(Store, "model.state"));
        Assert.Equal(5ul, Start());
        File.WriteAllBytes(Stored, Version(3));
        File.Delete(Path.Combine(Store, "model.state"));
        File.Delete(Path.Combine(Store, "model.state.copy"));
        File.Delete(Path.Combine(Store, "previous.edge"));
        Assert.Equal(3ul, Start());
    }

    [Fact]
    public void An_unsigned_model_that_was_replaced_is_not_taken_again_over_restarts_either()
    {
        UpdatePolicy open = policy with { RequireSignature = false };
        File.WriteAllBytes(Factory, TestModels.Create());
        byte[] second = TestModels.Create(weight: 2f);
        using (var updater = ModelUpdater.Open(Store, Factory, open))
        {
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(second, "t").Outcome);
            Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(TestModels.Create(), "t").Outcome);
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Create(weight: 3f), "t").Outcome);
        }

        using (var updater = ModelUpdater.Open(Store, Factory, open))
        {
            UpdateReport report = updater.Apply(second, "t");
            Assert.Equal((UpdateOutcome.NotNewer, "Another model has replaced it on this device before; unsigned models have no version, so sign it with a new one to take it again."), (report.Outcome, report.Reason));
        }

        // Put there by hand it is no better; the one before is used, as it would be after damage.
        File.WriteAllBytes(Stored, TestModels.Create());
        using var last = ModelUpdater.Open(Store, Factory, open, reports.Add);
        Assert.Contains(reports, report => report.Outcome == UpdateOutcome.NotNewer && report.Origin == Stored);
    }

    [Fact]
    public void A_model_that_the_caller_cannot_use_is_passed_over_at_the_start_and_used_when_it_can()
    {
        Update(5, 6);
        Func<ModelSlot, string?> refusal = slot => slot.Version >= 6 ? "The loop has other windows." : null;
        using (var updater = ModelUpdater.Open(Store, Factory, policy, reports.Add, refusal))
        {
            Assert.Equal(5ul, updater.Host.Version);
            Assert.Equal(new UpdateReport(UpdateOutcome.OtherInterface, Stored, 6, "The loop has other windows."), reports[0]);
        }

        using (var updater = ModelUpdater.Open(Store, Factory, policy, reports.Add, slot => slot.Version > 1 ? throw new ArgumentException("no") : null))
        {
            Assert.Equal(1ul, updater.Host.Version);
        }

        Assert.Equal(6ul, Start());
        Assert.Throws<InvalidDataException>(() => ModelUpdater.Open(Store, Factory, policy, refusal: _ => "none"));
    }

    private ulong Start()
    {
        using ModelUpdater updater = Open();
        return updater.Host.Version;
    }

    private void Update(params ulong[] versions)
    {
        using ModelUpdater updater = Open();
        Assert.All(versions, version => Assert.Equal(UpdateOutcome.Applied, updater.Apply(Version(version), "t").Outcome));
        reports.Clear();
    }
}
