using System;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Takes models over a serial line from a sender that waits for an answer to each frame and sends it again where none comes, such as
    /// <c>edge send</c>. A transfer that was interrupted goes on where it stopped, unless the device was restarted.
    /// </summary>
    public sealed class SerialUpdateSource
    {
        private const int OfferBytes = 8;

        private readonly ISerialLink link;
        private readonly ModelUpdater updater;
        private readonly string origin;
        private readonly byte[] frame = new byte[SerialFrame.HeaderBytes + SerialFrame.MaxPayload + SerialFrame.CrcBytes];
        private int used;
        private ModelReceiver receiver;
        private uint offeredCrc;
        private UpdateReport last;

        /// <summary>Creates a source.</summary>
        /// <param name="link">The line.</param>
        /// <param name="updater">Gets the models.</param>
        /// <param name="origin">A name for the line, for reports.</param>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        public SerialUpdateSource(ISerialLink link, ModelUpdater updater, string origin)
        {
            if (link == null || updater == null || origin == null)
            {
                throw new ArgumentNullException(link == null ? nameof(link) : updater == null ? nameof(updater) : nameof(origin));
            }

            this.link = link;
            this.updater = updater;
            this.origin = origin;
        }

        /// <summary>Takes what has arrived, up to one frame, and answers it. Call it between two inferences; the frame that ends a file takes as long as the checks.</summary>
        /// <returns>Whether a frame was answered, so that another may be waiting.</returns>
        /// <exception cref="InvalidOperationException">As <see cref="ModelReceiver.Finish"/>.</exception>
        public bool Poll()
        {
            while (true)
            {
                int length = SerialFrame.Length(frame, used);
                if (length > 0)
                {
                    Answer(length - SerialFrame.HeaderBytes - SerialFrame.CrcBytes);
                    Drop(length);
                    return true;
                }

                if (length < 0)
                {
                    // Noise, or a frame of which something was lost: another may begin at any byte of it.
                    Drop(1);
                    continue;
                }

                int read = link.Read(frame, used, frame.Length - used);
                if (read <= 0)
                {
                    return false;
                }

                used += read;
            }
        }

        private void Drop(int count)
        {
            used -= count;
            Array.Copy(frame, count, frame, 0, used);
        }

        private void Answer(int payload)
        {
            uint number = BitConverter.ToUInt32(frame, 5);
            switch (frame[2])
            {
                case SerialFrame.Offer: AnswerOffer(payload); break;
                case SerialFrame.Data: AnswerData(number, payload); break;
                case SerialFrame.Finish: AnswerFinish(); break;
            }
        }

        private void AnswerOffer(int payload)
        {
            if (payload != OfferBytes)
            {
                return;
            }

            int length = BitConverter.ToInt32(frame, SerialFrame.HeaderBytes);
            uint crc = BitConverter.ToUInt32(frame, SerialFrame.HeaderBytes + 4);
            if (updater.IsCurrent(length, crc))
            {
                receiver = null;
                last = new UpdateReport(UpdateOutcome.Unchanged, origin, updater.Current.Version, "It is the model in use.");
                SendOutcome();
                return;
            }

            bool goesOn = receiver != null && !receiver.Failed && receiver.Length == length && offeredCrc == crc;
            if (!goesOn)
            {
                receiver = updater.Receive(origin, length);
                offeredCrc = crc;
            }

            if (receiver == null)
            {
                last = updater.Last;
                SendOutcome();
                return;
            }

            last = null;
            SendPosition();
        }

        private void AnswerData(uint offset, int payload)
        {
            if (receiver == null)
            {
                SendOutcome();
                return;
            }

            // Bytes that are there already, or that come after some that were lost, are answered with what is needed.
            if (offset == (uint)receiver.Position)
            {
                receiver.Write(frame, SerialFrame.HeaderBytes, payload);
            }

            if (receiver.Failed)
            {
                Finish();
                return;
            }

            SendPosition();
        }

        private void AnswerFinish()
        {
            // The answer to the last one may have been lost.
            if (receiver == null)
            {
                SendOutcome();
                return;
            }

            if (receiver.Position != receiver.Length)
            {
                SendPosition();
                return;
            }

            Finish();
        }

        private void Finish()
        {
            ModelReceiver ended = receiver;
            receiver = null;
            last = ended.Failed || ended.Crc == offeredCrc ? ended.Finish()
                : updater.ReportUnreachable(origin, "The CRC-32 of what arrived is not the one that was offered.");
            SendOutcome();
        }

        private void SendPosition()
        {
            byte[] answer = new byte[SerialFrame.HeaderBytes + SerialFrame.CrcBytes];
            link.Write(answer, 0, SerialFrame.Close(answer, SerialFrame.Position, (uint)receiver.Position, 0));
        }

        private void SendOutcome()
        {
            UpdateOutcome outcome = last == null ? UpdateOutcome.Unreachable : last.Outcome;
            string reason = last == null ? "No offer is under way; the device may have been restarted." : last.Reason;
            byte[] answer = new byte[SerialFrame.HeaderBytes + SerialFrame.MaxPayload + SerialFrame.CrcBytes];
            int payload = Utf8(reason, answer, SerialFrame.HeaderBytes, SerialFrame.HeaderBytes + SerialFrame.MaxPayload) - SerialFrame.HeaderBytes;
            link.Write(answer, 0, SerialFrame.Close(answer, SerialFrame.Outcome, (uint)outcome, payload));
        }

        // Encoding is a separate package on nanoFramework. What is no single code unit becomes '?'.
        private static int Utf8(string text, byte[] bytes, int start, int end)
        {
            int at = start;
            for (int i = 0; i < text.Length && at + 3 <= end; i++)
            {
                char c = text[i] >= 0xD800 && text[i] < 0xE000 ? '?' : text[i];
                if (c < 0x80)
                {
                    bytes[at++] = (byte)c;
                    continue;
                }

                if (c >= 0x800)
                {
                    bytes[at++] = (byte)(0xE0 | (c >> 12));
                    bytes[at++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                }
                else
                {
                    bytes[at++] = (byte)(0xC0 | (c >> 6));
                }

                bytes[at++] = (byte)(0x80 | (c & 0x3F));
            }

            return at;
        }
    }
}
