using System.Buffers.Binary;
using System.Text;

namespace EdgeSend;

/// <summary>
/// The sender of the serial protocol in docs/esp32.md: one frame, one answer; a frame that is not answered is sent again.
/// </summary>
/// <param name="line">Both directions of the line; a read that nothing comes for throws a TimeoutException after <see cref="Stream.ReadTimeout"/>.</param>
/// <param name="progress">Called with the number of bytes that the device has.</param>
internal sealed class ModelSender(Stream line, Action<int>? progress = null)
{
    internal const int Applied = 0;
    internal const int Unchanged = 1;

    private const int HeaderBytes = 9;
    private const int CrcBytes = 4;
    private const int MaxPayload = 512;
    private const int MaxTries = 20;
    private const int AnswerMilliseconds = 1000;
    private const int CheckMilliseconds = 60_000;
    private const byte Offer = 1;
    private const byte Data = 2;
    private const byte Finish = 3;
    private const byte Outcome = 0x82;

    private readonly byte[] input = new byte[HeaderBytes + MaxPayload + CrcBytes];
    private int used;

    /// <summary>Sends a file.</summary>
    /// <returns>The outcome, a value of UpdateOutcome, and the device's reason.</returns>
    /// <exception cref="TimeoutException">The device does not answer.</exception>
    /// <exception cref="IOException">The line failed.</exception>
    internal (int Outcome, string Reason) Send(byte[] file)
    {
        byte[] payload = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(payload, file.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), Crc32(file));
        byte[] frame = Frame(Offer, 0, payload);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            line.Write(frame);
            line.Flush();
            if (!TryRead(frame[2] == Finish ? CheckMilliseconds : AnswerMilliseconds, out byte kind, out uint number, out byte[] answer))
            {
                continue;
            }

            if (kind == Outcome)
            {
                return ((int)number, Encoding.UTF8.GetString(answer));
            }

            if (number > file.Length)
            {
                continue;
            }

            tries = -1;
            progress?.Invoke((int)number);
            frame = number == file.Length ? Frame(Finish, 0, []) : Frame(Data, number, file.AsSpan((int)number, Math.Min(MaxPayload, file.Length - (int)number)));
        }

        throw new TimeoutException($"The device does not answer after {MaxTries} tries; check port, speed and wiring, and that its program calls Poll.");
    }

    // The next whole answer; bytes before it are noise.
    private bool TryRead(int milliseconds, out byte kind, out uint number, out byte[] payload)
    {
        (kind, number, payload) = (0, 0, []);
        line.ReadTimeout = milliseconds;
        try
        {
            while (true)
            {
                int length = Length();
                if (length > 0)
                {
                    (kind, number, payload) = (input[2], BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(5)), input[HeaderBytes..(length - CrcBytes)]);
                    Drop(length);
                    return true;
                }

                if (length < 0)
                {
                    Drop(1);
                    continue;
                }

                int read = line.Read(input, used, input.Length - used);
                if (read == 0)
                {
                    return false;
                }

                used += read;
            }
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Of the frame at the start of the input; 0 where more is needed, −1 where none is there.
    private int Length()
    {
        if ((used > 0 && input[0] != 0xED) || (used > 1 && input[1] != 0x6E))
        {
            return -1;
        }

        if (used < HeaderBytes)
        {
            return 0;
        }

        int end = HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(3));
        return end > HeaderBytes + MaxPayload ? -1
            : used < end + CrcBytes ? 0
            : BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(end)) == Crc32(input.AsSpan(0, end)) ? end + CrcBytes : -1;
    }

    private void Drop(int count)
    {
        used -= count;
        Array.Copy(input, count, input, 0, used);
    }

    private static byte[] Frame(byte kind, uint number, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderBytes + payload.Length + CrcBytes];
        (frame[0], frame[1], frame[2]) = (0xED, 0x6E, kind);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(3), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(5), number);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - CrcBytes), Crc32(frame.AsSpan(0, frame.Length - CrcBytes)));
        return frame;
    }

    // IEEE 802.3.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
