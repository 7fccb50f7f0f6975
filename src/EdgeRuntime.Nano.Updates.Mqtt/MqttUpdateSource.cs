using System;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Takes models from a topic of nanoFramework.M2Mqtt. Publish them retained, so that devices which are off get them later. A message is in RAM as
    /// a whole while it waits: a model must fit beside what the device holds, else use HTTP or a serial line.
    /// </summary>
    public sealed class MqttUpdateSource
    {
        private readonly object gate = new object();
        private readonly ModelUpdater updater;
        private readonly string topic;

        // Of the client's thread; the thread that decides takes it.
        private byte[] waiting;

        /// <summary>Subscribes to a topic; after each connection that does not keep the session, subscribe again with <see cref="Subscribe"/>.</summary>
        /// <param name="client">A client that is connected.</param>
        /// <param name="topic">The topic, without wildcards.</param>
        /// <param name="updater">Gets the models.</param>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        public MqttUpdateSource(IMqttClient client, string topic, ModelUpdater updater)
        {
            if (client == null || topic == null || updater == null)
            {
                throw new ArgumentNullException(client == null ? nameof(client) : topic == null ? nameof(topic) : nameof(updater));
            }

            this.updater = updater;
            this.topic = topic;
            client.MqttMsgPublishReceived += Received;
            Subscribe(client);
        }

        /// <summary>Asks the broker for the topic.</summary>
        /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
        public void Subscribe(IMqttClient client)
        {
            if (client == null)
            {
                throw new ArgumentNullException(nameof(client));
            }

            client.Subscribe(new string[] { topic }, new MqttQoSLevel[] { MqttQoSLevel.AtLeastOnce });
        }

        /// <summary>Offers the message that came last, if any; call it between two inferences.</summary>
        /// <returns>The outcome, null where no message came since the last call.</returns>
        /// <exception cref="InvalidOperationException">As <see cref="ModelReceiver.Finish"/>.</exception>
        public UpdateReport Poll()
        {
            byte[] message;
            lock (gate)
            {
                message = waiting;
                waiting = null;
            }

            return message == null ? null : updater.Apply(message, topic);
        }

        private void Received(object sender, MqttMsgPublishEventArgs arguments)
        {
            // A retained message is withdrawn by an empty one.
            if (arguments.Topic == topic && arguments.Message != null && arguments.Message.Length > 0)
            {
                lock (gate)
                {
                    waiting = arguments.Message;
                }
            }
        }
    }
}
