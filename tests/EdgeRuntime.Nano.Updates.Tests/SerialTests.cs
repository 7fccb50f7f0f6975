using System.Buffers.Binary;
using System.Text;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Models over a line that loses, changes and repeats bytes, to a sender that sends again what was not answered.</summary>
public class SerialTests
{
    private const int Tries = 40;

    private readonly MemoryStorage storage = new();
    private readonly LossyLine line = new();
    private readonly ModelUpdater updater;
    private readonly byte[] file = Models.Signed(2, 2f);
    private SerialUpdateSource source;

    public SerialTests()
    {
        updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null);
        source = new SerialUpdateSource(line, updater, "COM2");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(512)]
    public void A_whole_file_is_taken(int part)
    {
        line.MaxRead = part == 7 ? 3 : int.MaxValue;
        Assert.Equal((UpdateOutcome.Applied, "Version 2 replaces version 1."), Transfer(file, part));
        Assert.Equal(2ul, updater.Current.Version);
        int steps = storage.Steps;
        Assert.Equal((UpdateOutcome.Unchanged, "It is the model in use."), Transfer(file, part));
        Assert.Equal(steps, storage.Steps);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_line_that_loses_and_changes_bytes_only_takes_longer(int seed)
    {
        var random = new Random(seed);
        line.ToDevice = line.ToSender = frame => Disturb(frame, random);
        Assert.Equal((UpdateOutcome.Applied, "Version 2 replaces version 1."), Transfer(file, 60));
        Assert.Equal(Models.Answer(2f), Models.Answer(updater), 1e-6f);
        Assert.Equal(file, storage["model_a.edg"]);
    }

    [Fact]
    public void A_sender_that_was_interrupted_goes_on_where_it_stopped()
    {
        Assert.Equal(0u, Position(Ask(Offer(file))));
        Assert.Equal(100u, Position(Ask(Data(0, file[..100]))));
        Assert.Equal(100u, Position(Ask(Offer(file))));

        // Another file begins anew, and the first one then does too.
        Assert.Equal(0u, Position(Ask(Offer(Models.Signed(3, 3f)))));
        Assert.Equal(0u, Position(Ask(Offer(file))));
        Assert.Equal(UpdateOutcome.Applied, Transfer(file, 64).Outcome);
    }

    [Fact]
    public void A_device_that_was_restarted_says_so()
    {
        Ask(Offer(file));
        Ask(Data(0, file[..100]));
        source = new SerialUpdateSource(line, updater, "COM2");
        Assert.Equal((UpdateOutcome.Unreachable, "No offer is under way; the device may have been restarted."), Outcome(Ask(Data(100, file[100..200]))));
        Assert.Equal(UpdateOutcome.Unreachable, Outcome(Ask(Frame(SerialFrame.Finish, 0, []))).Outcome);
        Assert.Equal(UpdateOutcome.Applied, Transfer(file, 64).Outcome);
    }

    [Fact]
    public void Bytes_out_of_their_order_are_asked_for_again()
    {
        Ask(Offer(file));
        Assert.Equal(50u, Position(Ask(Data(0, file[..50]))));
        Assert.Equal(50u, Position(Ask(Data(0, file[..50]))));
        Assert.Equal(50u, Position(Ask(Data(60, file[60..70]))));
        Assert.Equal(50u, Position(Ask(Frame(SerialFrame.Finish, 0, []))));
        Assert.Equal(UpdateOutcome.Applied, Transfer(file, 64).Outcome);
    }

    [Fact]
    public void The_outcome_is_said_again_where_it_was_lost()
    {
        Transfer(file, 64);
        Assert.Equal(UpdateOutcome.Applied, Outcome(Ask(Frame(SerialFrame.Finish, 0, []))).Outcome);
        byte[] old = Models.Signed(1, 5f);
        Assert.Equal((UpdateOutcome.NotNewer, "Its version 1 is not newer than version 2 in use."), Transfer(old, 64));
        Assert.Equal(UpdateOutcome.NotNewer, Outcome(Ask(Frame(SerialFrame.Finish, 0, []))).Outcome);
    }

    [Fact]
    public void A_file_that_is_not_the_one_offered_is_refused()
    {
        byte[] other = [.. file];
        other[^1] ^= 1;
        Ask(Offer(other));
        for (int i = 0; i < file.Length; i += 100)
        {
            Ask(Data((uint)i, file[i..Math.Min(i + 100, file.Length)]));
        }

        Assert.Equal((UpdateOutcome.Unreachable, "The CRC-32 of what arrived is not the one that was offered."), Outcome(Ask(Frame(SerialFrame.Finish, 0, []))));
    }

    [Fact]
    public void A_full_storage_and_too_large_a_file_are_said_at_once()
    {
        storage.Capacity = 150;
        Assert.Equal(UpdateOutcome.StorageFailed, Transfer(file, 100).Outcome);
        (UpdateOutcome outcome, string reason) = Outcome(Ask(Frame(SerialFrame.Offer, 0, [.. BitConverter.GetBytes(int.MaxValue), 0, 0, 0, 0])));
        Assert.Equal((UpdateOutcome.NotAModel, true), (outcome, reason.StartsWith("It has 2147483647 bytes", StringComparison.Ordinal)));
        storage.Capacity = int.MaxValue;
        Assert.Equal(UpdateOutcome.Applied, Transfer(file, 100).Outcome);
    }

    [Fact]
    public void Frames_that_are_none_are_not_answered()
    {
        byte[] tooLong = Frame(SerialFrame.Data, 0, new byte[100]);
        tooLong[4] = 0xFF;
        byte[][] none = [[], [0xED], [0x6E, 0xED], tooLong, Frame(7, 0, []), Frame(SerialFrame.Offer, 0, [1, 2, 3]), [.. Enumerable.Repeat((byte)0xED, 2000)]];
        foreach (byte[] bytes in none)
        {
            Assert.Null(Ask(bytes));
            Assert.Equal(0u, Position(Ask(Offer(file))));
        }
    }

    [Fact]
    public void A_reason_in_any_language_arrives()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.ClassTexts = ["é泵\U0001F600", new string('泵', 400)];
        byte[] first = Models.Create(classes: policy.ClassTexts);
        source = new SerialUpdateSource(line, ModelUpdater.Open(storage, first, policy, null), "COM2");
        Assert.Equal((UpdateOutcome.OtherInterface, "Its class 0 is 'still'; the program asks for 'é泵??'."), Transfer(Models.Create(2f), 100));
        policy.ClassTexts[0] = "still";
        string reason = Transfer(Models.Create(2f), 100).Reason;
        Assert.InRange(Encoding.UTF8.GetByteCount(reason), 500, 512);
        Assert.EndsWith("泵泵", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named() =>
        Assert.All(
            (Func<SerialUpdateSource>[])[() => new(null, updater, "x"), () => new(line, null, "x"), () => new(line, updater, null)],
            make => Assert.Throws<ArgumentNullException>(make));

    internal static byte[] Disturb(byte[] frame, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return [];
            case 1:
                byte[] changed = [.. frame];
                changed[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
            case 2:
                return frame[..random.Next(frame.Length)];
            case 3:
                byte[] noise = new byte[random.Next(30)];
                random.NextBytes(noise);
                return [.. noise, .. frame, .. frame];
            default:
                return frame;
        }
    }

    private (UpdateOutcome Outcome, string Reason) Transfer(byte[] bytes, int part)
    {
        byte[] frame = Offer(bytes);
        for (int turn = 0; turn < Tries * ((bytes.Length / part) + 3); turn++)
        {
            byte[]? answer = Ask(frame);
            if (answer is null || SerialFrame.Length(answer, answer.Length) <= 0)
            {
                // Nothing, or nothing whole: the same again.
                continue;
            }

            if (answer[2] == SerialFrame.Outcome)
            {
                return Outcome(answer);
            }

            int next = (int)BitConverter.ToUInt32(answer, 5);
            frame = next == bytes.Length ? Frame(SerialFrame.Finish, 0, []) : Data((uint)next, bytes[next..Math.Min(next + part, bytes.Length)]);
        }

        throw new InvalidOperationException("No end.");
    }

    private byte[]? Ask(byte[] frame)
    {
        if (frame.Length > 0)
        {
            line.Send(frame);
        }

        while (source.Poll())
        {
        }

        return line.Received();
    }

    private static byte[] Offer(byte[] bytes)
    {
        byte[] payload = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(payload, bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), Crc32.Of(bytes, bytes.Length));
        return Frame(SerialFrame.Offer, 0, payload);
    }

    private static byte[] Data(uint offset, byte[] bytes) => Frame(SerialFrame.Data, offset, bytes);

    private static byte[] Frame(byte kind, uint number, byte[] payload)
    {
        byte[] frame = new byte[SerialFrame.HeaderBytes + payload.Length + SerialFrame.CrcBytes];
        payload.CopyTo(frame, SerialFrame.HeaderBytes);
        SerialFrame.Close(frame, kind, number, payload.Length);
        return frame;
    }

    private static uint Position(byte[]? answer)
    {
        Assert.Equal((SerialFrame.HeaderBytes + SerialFrame.CrcBytes, SerialFrame.Position), (answer!.Length, answer[2]));
        return BitConverter.ToUInt32(answer, 5);
    }

    private static (UpdateOutcome Outcome, string Reason) Outcome(byte[]? answer)
    {
        Assert.Equal(SerialFrame.Outcome, answer![2]);
        return ((UpdateOutcome)BitConverter.ToUInt32(answer, 5), Encoding.UTF8.GetString(answer.AsSpan(SerialFrame.HeaderBytes, BitConverter.ToUInt16(answer, 3))));
    }
}
