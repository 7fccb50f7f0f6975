namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Takes one offered file in parts, as a transport gives them, and stores them in the slot that is not in use; no more than a part is ever in
    /// RAM. Made by <see cref="ModelUpdater.Receive"/>.
    /// </summary>
    public sealed class ModelReceiver
    {
        private readonly ModelUpdater updater;
        private readonly Crc32 crc = new Crc32();

        internal ModelReceiver(ModelUpdater updater, string origin, int length)
        {
            this.updater = updater;
            Origin = origin;
            Length = length;
        }

        /// <summary>Where the file comes from.</summary>
        public string Origin { get; }

        /// <summary>Length of the file in bytes.</summary>
        public int Length { get; }

        /// <summary>Number of bytes that were taken so far: where a transport that was interrupted goes on.</summary>
        public int Position { get; private set; }

        /// <summary>Whether further bytes are of no use: the storage failed, there are more than announced, or another offer began.</summary>
        public bool Failed
        {
            get { return Failure != null || !updater.IsReceiving(this); }
        }

        internal string Failure { get; set; }

        internal uint Crc
        {
            get { return crc.Value; }
        }

        /// <summary>Takes the next bytes.</summary>
        /// <param name="bytes">The array, which may be used again afterwards.</param>
        /// <param name="offset">The first of them.</param>
        /// <param name="count">How many, 0 or more.</param>
        public void Write(byte[] bytes, int offset, int count)
        {
            if (Failed)
            {
                return;
            }

            if (count > Length - Position)
            {
                Failure = "It has more than the " + Length.ToString() + " bytes that were announced.";
                return;
            }

            crc.Add(bytes, offset, count);
            updater.Append(this, bytes, offset, count);
            Position += count;
        }

        /// <summary>Ends the offer: reads the file back, checks it, and takes it into use.</summary>
        /// <returns>The outcome; unless it is <see cref="UpdateOutcome.Applied"/>, the model in use stays.</returns>
        /// <exception cref="System.InvalidOperationException">The policy unloads first, the new model was refused and the old one could not be loaded again; restart the device.</exception>
        public UpdateReport Finish()
        {
            return updater.Finish(this);
        }
    }
}
