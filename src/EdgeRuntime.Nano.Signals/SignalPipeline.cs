using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;

namespace EdgeInference.Nano.Signals
{
    /// <summary>
    /// Turns samples of a sensor into the features that a model takes, in integers, with the bits that a PC has. Allocates nothing after
    /// it is made; serves one thread at a time.
    /// </summary>
    public sealed class SignalPipeline
    {
        private readonly SignalsRecord record;
        private readonly SignalCore core;

        private SignalPipeline(SignalsRecord record)
        {
            this.record = record;
            core = new SignalCore(record.Channels, record.Length, record.Hop, record.Filters, record.Plan);
        }

        /// <summary>Values in a sample.</summary>
        public int Channels
        {
            get { return record.Channels; }
        }

        /// <summary>Seconds from one sample to the next.</summary>
        public float SamplePeriod
        {
            get { return record.Period; }
        }

        /// <summary>Samples of a window.</summary>
        public int Length
        {
            get { return record.Length; }
        }

        /// <summary>Samples from the start of one window to that of the next.</summary>
        public int Hop
        {
            get { return record.Hop; }
        }

        /// <summary>Number of features of a window.</summary>
        public int FeatureCount
        {
            get { return core.Count; }
        }

        /// <summary>Bytes of RAM that its arrays take.</summary>
        public int RamBytes
        {
            get { return core.RamBytes; }
        }

        /// <summary>The pipeline whose features a model takes.</summary>
        /// <returns>Null where the model has none: it takes values as they are.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
        /// <exception cref="ModelFormatException">The record of the pipeline breaks the format; the message names the byte.</exception>
        public static SignalPipeline Of(NanoModel model)
        {
            if (model == null)
            {
                throw new ArgumentNullException(nameof(model));
            }

            SignalsRecord record = SignalsRecord.Read(model.File.Bytes, model.File.Metadata);
            if (record == null)
            {
                return null;
            }

            record.CheckInputs(model.InputLength);
            return new SignalPipeline(record);
        }

        /// <summary>A channel's name, read from the file.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> − 1.</param>
        public string ChannelName(int channel)
        {
            return record.ChannelName(channel);
        }

        /// <summary>What one count of a channel is in the sensor's unit.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> − 1.</param>
        public float CountSize(int channel)
        {
            return record.CountSize(channel);
        }

        /// <summary>A value in the sensor's unit as a count: rounded, halves to the even one, and saturated to int16.</summary>
        /// <param name="value">The value.</param>
        /// <param name="countSize">What one count is, of <see cref="CountSize"/>.</param>
        /// <exception cref="ArgumentException">The value is NaN.</exception>
        public static short Count(float value, float countSize)
        {
            return SampleCounts.Of(value, countSize);
        }

        /// <summary>Adds a sample.</summary>
        /// <param name="sample">Counts, one a channel, from <paramref name="offset"/> on.</param>
        /// <param name="offset">Where they begin.</param>
        /// <returns>Whether a window is due: the first when <see cref="Length"/> samples are there, then every <see cref="Hop"/> samples.</returns>
        /// <exception cref="ArgumentException">There are fewer counts than channels.</exception>
        public bool Add(short[] sample, int offset)
        {
            if (sample == null || offset < 0 || sample.Length - offset < record.Channels)
            {
                throw new ArgumentException("A sample of this pipeline has " + record.Channels.ToString() + " values.");
            }

            return core.Add(sample, offset);
        }

        /// <summary>The features of the window that ends with the last sample; ask when <see cref="Add"/> says that one is due.</summary>
        /// <param name="features">Room for <see cref="FeatureCount"/> values: in counts, counts² for powers and the variance, log₂ for logarithms.</param>
        /// <exception cref="ArgumentException">There is less room.</exception>
        public void Features(float[] features)
        {
            if (features == null || features.Length < core.Count)
            {
                throw new ArgumentException("The pipeline makes " + core.Count.ToString() + " features.");
            }

            core.Features(features);
        }

        /// <summary>Forgets all samples, as after a gap that no window may span; the filters begin anew, as if all before were 0.</summary>
        public void Reset()
        {
            core.Reset();
        }
    }
}
