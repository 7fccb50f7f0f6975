using EdgeSend;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>The sender of samples/Esp32.Send against the device's own code.</summary>
public class SenderTests
{
    private readonly LossyLine line = new();
    private readonly MemoryStorage storage = new();
    private readonly ModelUpdater updater;
    private readonly SerialUpdateSource source;
    private readonly List<int> progress = [];

    public SenderTests()
    {
        updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null);
        source = new SerialUpdateSource(line, updater, "COM2");
    }

    [Fact]
    public void A_model_is_sent_once()
    {
        byte[] file = Models.Signed(2, 2f);
        Assert.Equal((ModelSender.Applied, "Version 2 replaces version 1."), Sender().Send(file));
        Assert.Equal([0, file.Length], progress);
        Assert.Equal((ModelSender.Unchanged, "It is the model in use."), Sender().Send(file));
        Assert.Equal(((int)UpdateOutcome.NotNewer, "Its version 1 is not newer than version 2 in use."), Sender().Send(Models.Signed(1, 3f)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_line_that_loses_and_changes_bytes_only_takes_longer(int seed)
    {
        var random = new Random(seed);
        line.ToDevice = line.ToSender = frame => SerialTests.Disturb(frame, random);
        Assert.Equal(ModelSender.Applied, Sender().Send(Models.Signed(2, 2f)).Outcome);
        Assert.Equal(Models.Answer(2f), Models.Answer(updater), 1e-6f);
    }

    [Fact]
    public void A_device_that_is_silent_is_said()
    {
        line.ToSender = _ => [];
        Assert.Contains("does not answer after 20 tries", Assert.Throws<TimeoutException>(() => Sender().Send(Models.Signed(2))).Message, StringComparison.Ordinal);
        Assert.Equal(1ul, updater.Current.Version);
    }

    private ModelSender Sender() => new(new Port(this), progress.Add);

    // The line as a stream: what is written goes to the device, which answers at once.
    private sealed class Port(SenderTests tests) : Stream
    {
        private readonly Queue<byte> answers = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override bool CanTimeout => true;

        public override int ReadTimeout { get; set; }

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (answers.Count == 0)
            {
                throw new TimeoutException();
            }

            int read = 0;
            while (read < count && answers.TryDequeue(out byte value))
            {
                buffer[offset + read++] = value;
            }

            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            tests.line.Send(buffer[offset..(offset + count)]);
            while (tests.source.Poll())
            {
            }

            foreach (byte value in tests.line.Received() ?? [])
            {
                answers.Enqueue(value);
            }
        }
    }
}
