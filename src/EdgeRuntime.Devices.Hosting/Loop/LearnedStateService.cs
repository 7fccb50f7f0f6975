namespace EdgeInference.Devices.Hosting;

/// <summary>Keeps what the model learns, beside the loop and once more when the host stops.</summary>
internal sealed class LearnedStateService(LearnedStateKeeper keeper, TimeProvider time) : LoopWatch(time)
{
    protected override void Look() => keeper.Look();
}
