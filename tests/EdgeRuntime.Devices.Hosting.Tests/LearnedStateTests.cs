using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>What a device's model learned: kept, loaded at the next start, and passed over with one line where it is not the model's.</summary>
public sealed class LearnedStateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-learned").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_learned_is_there_at_the_next_start()
    {
        var log = new LogDouble();
        var file = new LearnedStateFile(folder);
        using (var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1))
        using (ModelSlot slot = host.CreateSlot())
        {
            LearnedStateKeeper.Load(host, file, log);
            var keeper = new LearnedStateKeeper(host, file, log);
            keeper.Look();
            Assert.False(File.Exists(file.Path));
            Learn(slot);
            keeper.Look();
            Assert.Equal(host.LearnedState!.Value.ToArray(), file.Read());
            DateTime written = File.GetLastWriteTimeUtc(file.Path);
            keeper.Look();
            Assert.Equal(written, File.GetLastWriteTimeUtc(file.Path));
            Assert.Empty(log.Ids);
        }

        using var next = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        LearnedStateKeeper.Load(next, file, log);
        using ModelSlot again = next.CreateSlot();
        Assert.Equal((true, 1105), (again.IsAdapted, Assert.Single(log.Ids)));
    }

    [Fact]
    public void The_state_of_another_model_is_passed_over_with_one_line()
    {
        var log = new LogDouble();
        var file = new LearnedStateFile(folder);
        using (var host = new ModelHost(EdgeModel.Load(LearningModels.Int16), 1))
        using (ModelSlot slot = host.CreateSlot())
        {
            Learn(slot);
            file.Write(host.LearnedState!.Value.Span);
        }

        using var other = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        LearnedStateKeeper.Load(other, file, log);
        Assert.Equal(1106, Assert.Single(log.Ids));
        Assert.Contains("it was learned by another model", log.Entries[0].Text, StringComparison.Ordinal);
        Assert.Null(other.LearnedState);
    }

    [Fact]
    public void A_disk_that_is_full_is_said_once_and_tried_again()
    {
        var log = new LogDouble();
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        using ModelSlot slot = host.CreateSlot();
        var keeper = new LearnedStateKeeper(host, new LearnedStateFile(folder, new FullDisk(10)), log);
        Learn(slot);
        keeper.Look();
        keeper.Look();
        Assert.Equal(1107, Assert.Single(log.Ids));
    }

    private static void Learn(ModelSlot slot)
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.True(slot.Learn([.. LearningModels.Rows.Rows[i].Select(value => value * 1.2f)], LearningModels.Rows.Labels[i]));
        }
    }
}
